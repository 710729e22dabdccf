CREATE TABLE "capture" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"seq" integer NOT NULL,
	"request" text,
	"at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "capture_workspace_id_workflow_trigger_seq_pk" PRIMARY KEY("workspace_id","workflow","trigger","seq")
);
--> statement-breakpoint
CREATE TABLE "run_response" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"response" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_response_workspace_id_run_id_pk" PRIMARY KEY("workspace_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "trigger" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"id" text NOT NULL,
	"uses" text NOT NULL,
	"version" integer NOT NULL,
	"gone" boolean DEFAULT false NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"note" text,
	"state" text DEFAULT 'pending' NOT NULL,
	"reason" text,
	"due_at" timestamp (3) with time zone DEFAULT now(),
	"attempts" integer DEFAULT 0 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"token_hash" text,
	"token_key" integer,
	"rotation" integer DEFAULT 0 NOT NULL,
	"registration" text,
	"last_fired_at" timestamp (3) with time zone,
	"last_error" text,
	"last_error_at" timestamp (3) with time zone,
	CONSTRAINT "trigger_workspace_id_workflow_id_pk" PRIMARY KEY("workspace_id","workflow","id")
);
--> statement-breakpoint
CREATE TABLE "trigger_count" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "trigger_count_workspace_id_workflow_trigger_hour_outcome_pk" PRIMARY KEY("workspace_id","workflow","trigger","hour","outcome")
);
--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "active" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "trigger" ADD CONSTRAINT "trigger_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "trigger_by_token" ON "trigger" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "trigger_due" ON "trigger" USING btree ("workspace_id","due_at") WHERE "trigger"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "trigger_by_type" ON "trigger" USING btree ("workspace_id","uses");--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['trigger', 'trigger_count', 'capture', 'run_response'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO blok_app', name);
    END IF;
  END LOOP;
END $$;
