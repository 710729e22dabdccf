CREATE TABLE "pace" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"paid_at" double precision NOT NULL,
	"tail_at" double precision NOT NULL,
	"began_at" double precision NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pace_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "rate_limit" text;--> statement-breakpoint
ALTER TABLE "pace" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "pace" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY tenant ON "pace" USING (workspace_id = nullif(current_setting('app.workspace', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "pace" TO blok_app;
  END IF;
END $$;
