CREATE TABLE "control" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"id" text NOT NULL,
	"action" text NOT NULL,
	"step" text,
	"by" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"detail" text,
	"digest" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "control_workspace_id_run_id_id_pk" PRIMARY KEY("workspace_id","run_id","id")
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "replayed_from" text;--> statement-breakpoint
ALTER TABLE "workspace" ADD COLUMN "require_tests" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "control_by_time" ON "control" USING btree ("workspace_id","run_id","at","id");
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['control'] LOOP
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
