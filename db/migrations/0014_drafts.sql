CREATE TABLE "draft" (
	"workspace_id" text NOT NULL,
	"workflow" text NOT NULL,
	"text" text NOT NULL,
	"hash" text,
	"base" integer,
	"author" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draft_workspace_id_workflow_pk" PRIMARY KEY("workspace_id","workflow")
);
--> statement-breakpoint
CREATE TABLE "workflow_tag" (
	"workspace_id" text NOT NULL,
	"tag" text NOT NULL,
	"workflow" text NOT NULL,
	CONSTRAINT "workflow_tag_workspace_id_tag_workflow_pk" PRIMARY KEY("workspace_id","tag","workflow")
);
--> statement-breakpoint
CREATE TABLE "workflow_word" (
	"workspace_id" text NOT NULL,
	"word" text NOT NULL,
	"workflow" text NOT NULL,
	CONSTRAINT "workflow_word_workspace_id_word_workflow_pk" PRIMARY KEY("workspace_id","word","workflow")
);
--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "own_label" text;--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "folder" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "text" text;--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "first_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "archived_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workflow" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workflow_version" ADD COLUMN "text" text;--> statement-breakpoint
ALTER TABLE "workflow_version" ADD COLUMN "message" text;--> statement-breakpoint
ALTER TABLE "workflow_version" ADD COLUMN "author" text;--> statement-breakpoint
ALTER TABLE "draft" ADD CONSTRAINT "draft_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_tag" ADD CONSTRAINT "workflow_tag_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_word" ADD CONSTRAINT "workflow_word_workspace_id_workflow_workflow_workspace_id_name_fk" FOREIGN KEY ("workspace_id","workflow") REFERENCES "public"."workflow"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "workflow_tag_of" ON "workflow_tag" USING btree ("workspace_id","workflow");--> statement-breakpoint
CREATE INDEX "workflow_word_of" ON "workflow_word" USING btree ("workspace_id","workflow");--> statement-breakpoint
CREATE INDEX "workflow_by_folder" ON "workflow" USING btree ("workspace_id","folder","name");--> statement-breakpoint
-- Collated as bytes, so that what begins with a prefix is a range of an index.
ALTER TABLE "workflow_word" ALTER COLUMN "word" TYPE text COLLATE "C";--> statement-breakpoint
ALTER TABLE "workflow" ALTER COLUMN "folder" TYPE text COLLATE "C";--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['draft', 'workflow_tag', 'workflow_word'] LOOP
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
