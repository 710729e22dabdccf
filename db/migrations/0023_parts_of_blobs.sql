CREATE TABLE "blob_part" (
	"workspace_id" text NOT NULL,
	"upload_id" text NOT NULL,
	"seq" integer NOT NULL,
	"data" "bytea" NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "blob_part_workspace_id_upload_id_seq_pk" PRIMARY KEY("workspace_id","upload_id","seq")
);
--> statement-breakpoint
ALTER TABLE "blob" ADD COLUMN "upload_id" text;--> statement-breakpoint
CREATE INDEX "blob_in_parts" ON "blob" USING btree ("workspace_id","upload_id") WHERE "blob"."upload_id" is not null;
--> statement-breakpoint
-- Most of what is large is compressed already, and to try again costs much of the processor's time.
ALTER TABLE "blob_part" ALTER COLUMN "data" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "blob_part" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "blob_part" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY tenant ON "blob_part" USING (workspace_id = nullif(current_setting('app.workspace', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace', true), ''));--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON "blob_part" TO blok_app;
  END IF;
END $$;
