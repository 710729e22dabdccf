CREATE TABLE "firing" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"workflow" text NOT NULL,
	"trigger" text NOT NULL,
	"uses" text NOT NULL,
	"version" integer NOT NULL,
	"depth" integer,
	"due_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"outcome" text,
	"run_id" text,
	"reason" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "firing_workspace_id_key_workflow_trigger_pk" PRIMARY KEY("workspace_id","key","workflow","trigger")
);
--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "depth" integer;--> statement-breakpoint
ALTER TABLE "trigger" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "firing" ADD CONSTRAINT "firing_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "firing_due" ON "firing" USING btree ("workspace_id","due_at") WHERE "firing"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "firing_age" ON "firing" USING btree ("workspace_id","at") WHERE "firing"."due_at" is null;--> statement-breakpoint
DO $$
BEGIN
  ALTER TABLE firing ENABLE ROW LEVEL SECURITY;
  ALTER TABLE firing FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON firing USING (workspace_id = nullif(current_setting('app.workspace', true), ''))
    WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON firing TO blok_app;
  END IF;
END $$;
