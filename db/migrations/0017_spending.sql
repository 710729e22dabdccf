CREATE TABLE "prompt" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "prompt_version" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"document" text NOT NULL,
	"hash" text NOT NULL,
	"message" text,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_version_workspace_id_name_version_pk" PRIMARY KEY("workspace_id","name","version")
);
--> statement-breakpoint
CREATE TABLE "budget" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"workflow" text DEFAULT '' NOT NULL,
	"period" text NOT NULL,
	"amount" numeric(38, 12) NOT NULL,
	"kind" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "model_call" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"run_id" text NOT NULL,
	"workflow" text NOT NULL,
	"step" text NOT NULL,
	"unit" text NOT NULL,
	"attempt" integer NOT NULL,
	"connection" text,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"day" date NOT NULL,
	"state" text NOT NULL,
	"input" bigint DEFAULT 0 NOT NULL,
	"cache_read" bigint DEFAULT 0 NOT NULL,
	"cache_write" bigint DEFAULT 0 NOT NULL,
	"output" bigint DEFAULT 0 NOT NULL,
	"reasoning" bigint DEFAULT 0 NOT NULL,
	"seconds" double precision DEFAULT 0 NOT NULL,
	"images" integer DEFAULT 0 NOT NULL,
	"estimate" numeric(38, 12),
	"cost" numeric(38, 12),
	"counted" numeric(38, 12) NOT NULL,
	"response_id" text,
	"made_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"lease_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "model_call_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "spend_account" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"counted" numeric(38, 12) NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spend_account_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
ALTER TABLE "workspace" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_version" ADD CONSTRAINT "prompt_version_workspace_id_name_prompt_workspace_id_name_fk" FOREIGN KEY ("workspace_id","name") REFERENCES "public"."prompt"("workspace_id","name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "model_call_by_day" ON "model_call" USING btree ("workspace_id","day");--> statement-breakpoint
CREATE INDEX "model_call_newest" ON "model_call" USING btree ("workspace_id","made_at","id");--> statement-breakpoint
CREATE INDEX "model_call_of_run" ON "model_call" USING btree ("workspace_id","run_id");--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['prompt', 'prompt_version', 'budget', 'model_call', 'spend_account'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO blok_app', name);
    END IF;
  END LOOP;
  -- A version of a prompt never changes, because plans name it.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    REVOKE UPDATE, DELETE ON prompt_version FROM blok_app;
  END IF;
END $$;
