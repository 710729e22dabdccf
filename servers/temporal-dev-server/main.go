// A Temporal dev server for machines that can download none: the part of `temporal server start-dev` that Blok uses,
// with the same flags. The Temporal CLI itself cannot be built from Go's module proxy, because one of its modules is
// published nowhere.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/headers"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
)

type options struct {
	ip, uiIP         string
	port, uiPort     int
	headless         bool
	databaseFile     string
	logLevel         string
	pragmas          map[string]string
	searchAttributes map[string]enums.IndexedValueType
	dynamicConfig    dynamicconfig.StaticClient
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "--version" {
		fmt.Printf("temporal version of Blok's own build (Server %s)\n", headers.ServerVersion)
		return nil
	}
	if len(args) < 2 || args[0] != "server" || args[1] != "start-dev" {
		return fmt.Errorf("this program knows `server start-dev` and `--version` only")
	}
	options, err := parse(args[2:])
	if err != nil {
		return err
	}
	server, err := newServer(options)
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	defer func() { _ = server.Stop() }()
	if !options.headless {
		ui := newUI(options)
		defer ui.Stop()
		go func() {
			if err := ui.Start(); err != nil {
				fmt.Fprintln(os.Stderr, "Error: the UI ended:", err)
			}
		}()
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	return nil
}

func parse(args []string) (*options, error) {
	o := &options{
		pragmas:          map[string]string{},
		searchAttributes: map[string]enums.IndexedValueType{},
		dynamicConfig:    defaultDynamicConfig(),
	}
	flags := flag.NewFlagSet("start-dev", flag.ContinueOnError)
	flags.StringVar(&o.ip, "ip", "127.0.0.1", "address of the server")
	flags.IntVar(&o.port, "port", 7233, "port of the server")
	flags.StringVar(&o.uiIP, "ui-ip", "127.0.0.1", "address of the UI")
	flags.IntVar(&o.uiPort, "ui-port", 8233, "port of the UI")
	flags.BoolVar(&o.headless, "headless", false, "without the UI")
	flags.StringVar(&o.databaseFile, "db-filename", "", "SQLite file; without it everything is kept in memory")
	flags.StringVar(&o.logLevel, "log-level", "warn", "least level that is logged")
	flags.String("log-format", "text", "ignored: it is text")
	flags.String("color", "never", "ignored: there is none")
	flags.Func("sqlite-pragma", "`NAME=VALUE`, may be repeated", func(text string) error {
		name, value, err := pair(text)
		o.pragmas[name] = value
		return err
	})
	flags.Func("search-attribute", "`NAME=TYPE`, may be repeated", func(text string) error {
		name, value, err := pair(text)
		if err != nil {
			return err
		}
		o.searchAttributes[name], err = enums.IndexedValueTypeFromString(value)
		return err
	})
	flags.Func("dynamic-config-value", "`KEY=JSON`, may be repeated", func(text string) error {
		name, value, err := pair(text)
		if err != nil {
			return err
		}
		o.dynamicConfig[dynamicconfig.MakeKey(name)], err = settingOf(value)
		return err
	})
	return o, flags.Parse(args)
}

func pair(text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, "=")
	if !found {
		return "", "", fmt.Errorf("%q must be NAME=VALUE", text)
	}
	return name, value, nil
}

// The server takes whole numbers as int only.
func settingOf(text string) (any, error) {
	var whole int
	if json.Unmarshal([]byte(text), &whole) == nil {
		return whole, nil
	}
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return value, err
}

// What the CLI sets too: attributes and limits that fit a server for one machine.
func defaultDynamicConfig() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key():                 8096,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key():      true,
		dynamicconfig.FrontendPersistenceMaxQPS.Key():                    10_000,
		dynamicconfig.HistoryPersistenceMaxQPS.Key():                     45_000,
	}
}

func newUI(o *options) *uiserver.Server {
	return uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host:                o.uiIP,
		Port:                o.uiPort,
		TemporalGRPCAddress: fmt.Sprintf("%s:%d", o.ip, o.port),
		EnableUI:            true,
		CORS:                uiconfig.CORS{CookieInsecure: true},
		HideLogs:            true,
		DisableNewsFetch:    true,
	}))
}

func newServer(o *options) (temporal.Server, error) {
	conf, hosts, err := serverConfig(o)
	if err != nil {
		return nil, err
	}
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Stdout: true, Level: o.logLevel, Format: "console"}))
	return temporal.NewServer(
		temporal.WithConfig(conf),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithLogger(logger),
		temporal.WithDynamicConfigClient(o.dynamicConfig),
	)
}
