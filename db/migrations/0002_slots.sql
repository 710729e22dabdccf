CREATE TABLE "slot" (
	"workspace_id" text NOT NULL,
	"run_id" text NOT NULL,
	"seq" bigserial NOT NULL,
	"workflow" text NOT NULL,
	"key" text NOT NULL,
	"workflow_id" text NOT NULL,
	"held" boolean DEFAULT false NOT NULL,
	CONSTRAINT "slot_workspace_id_run_id_pk" PRIMARY KEY("workspace_id","run_id")
);
--> statement-breakpoint
CREATE INDEX "slot_queue" ON "slot" USING btree ("workspace_id","workflow","seq");--> statement-breakpoint
ALTER TABLE "slot" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "slot" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "slot" USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
  WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "slot" TO blok_app;
    GRANT USAGE ON SEQUENCE "slot_seq_seq" TO blok_app;
  END IF;
END $$;
