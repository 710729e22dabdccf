package main

import (
	"fmt"
	"net"
	"os"

	"github.com/google/uuid"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
	sqliteschema "go.temporal.io/server/schema/sqlite"
)

const (
	store       = "sqlite"
	clusterName = "active"
	namespace   = "default"
)

// All services of a server in one process, on one SQLite database.
func serverConfig(o *options) (*config.Config, map[primitives.ServiceName]static.Hosts, error) {
	sql, err := database(o)
	if err != nil {
		return nil, nil, err
	}
	frontend := fmt.Sprintf("%s:%d", o.ip, o.port)
	conf := &config.Config{
		Persistence: config.Persistence{
			DefaultStore:     store,
			VisibilityStore:  store,
			NumHistoryShards: 1,
			DataStores:       map[string]config.DataStore{store: {SQL: sql}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {
					Enabled:                true,
					InitialFailoverVersion: 1,
					RPCAddress:             frontend,
					ClusterID:              uuid.NewString(),
				},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		PublicClient:        config.PublicClient{HostPort: frontend},
		Services:            map[string]config.Service{},
	}
	conf.Global.Membership.BroadcastAddress = o.ip
	conf.Archival.History.State = "disabled"
	conf.Archival.Visibility.State = "disabled"
	conf.NamespaceDefaults.Archival.History.State = "disabled"
	conf.NamespaceDefaults.Archival.Visibility.State = "disabled"
	hosts := map[primitives.ServiceName]static.Hosts{}
	for _, name := range []primitives.ServiceName{
		primitives.FrontendService, primitives.HistoryService, primitives.MatchingService, primitives.WorkerService,
	} {
		port := o.port
		if name != primitives.FrontendService {
			if port, err = freePort(o.ip); err != nil {
				return nil, nil, err
			}
		}
		conf.Services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: o.ip}}
		hosts[name] = static.SingleLocalHost(fmt.Sprintf("%s:%d", o.ip, port))
	}
	return conf, hosts, nil
}

// The database with its tables and the namespace; a file keeps what is in it.
func database(o *options) (*config.SQL, error) {
	sql := &config.SQL{PluginName: sqliteplugin.PluginName}
	if o.databaseFile == "" {
		sql.DatabaseName = uuid.NewString()
		sql.ConnectAttributes = map[string]string{"mode": "memory", "cache": "shared"}
	} else {
		sql.DatabaseName = o.databaseFile
		sql.ConnectAttributes = map[string]string{"mode": "rwc"}
	}
	for name, value := range o.pragmas {
		sql.ConnectAttributes[name] = value
	}
	// The server makes the tables of a database in memory by itself.
	if _, err := os.Stat(o.databaseFile); o.databaseFile != "" && os.IsNotExist(err) {
		if err := sqliteschema.SetupSchema(sql); err != nil {
			return nil, fmt.Errorf("cannot make the tables of %s: %w", o.databaseFile, err)
		}
	}
	space, err := sqliteschema.NewNamespaceConfig(clusterName, namespace, false, o.searchAttributes)
	if err != nil {
		return nil, err
	}
	if err := sqliteschema.CreateNamespaces(sql, space); err != nil {
		return nil, fmt.Errorf("cannot make the namespace %s: %w", namespace, err)
	}
	return sql, nil
}

func freePort(ip string) (int, error) {
	listener, err := net.Listen("tcp", ip+":0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
