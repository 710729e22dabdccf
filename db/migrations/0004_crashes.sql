CREATE TABLE "crash" (
	"workspace_id" text NOT NULL,
	"workflow_id" text NOT NULL,
	"total" integer NOT NULL,
	"alone" integer NOT NULL,
	"last_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "crash_workspace_id_workflow_id_pk" PRIMARY KEY("workspace_id","workflow_id")
);

--> statement-breakpoint
ALTER TABLE "crash" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "crash" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "crash" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "crash" TO blok_app;
  END IF;
END $$;
