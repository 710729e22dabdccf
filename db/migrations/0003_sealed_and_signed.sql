CREATE TABLE "unsigned_run" (
	"workspace_id" text NOT NULL,
	"workflow_id" text NOT NULL,
	CONSTRAINT "unsigned_run_workspace_id_workflow_id_pk" PRIMARY KEY("workspace_id","workflow_id")
);
--> statement-breakpoint
CREATE TABLE "milestone" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"reached_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "milestone_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
ALTER TABLE "milestone" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "milestone" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "milestone" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
--> statement-breakpoint
-- FORCE would hide the rows of `run` from their owner, who reads those of every workspace here.
ALTER TABLE "run" NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
INSERT INTO "unsigned_run" SELECT DISTINCT "workspace_id", "workflow_id" FROM "run" WHERE "ended_at" IS NULL;
--> statement-breakpoint
ALTER TABLE "run" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "unsigned_run" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "unsigned_run" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "unsigned_run" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
--> statement-breakpoint
-- Rows of `milestone` stay, and nobody adds an unsigned run: both would open the way back to what was before.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT ON "milestone" TO blok_app;
    GRANT SELECT ON "unsigned_run" TO blok_app;
  END IF;
END $$;
