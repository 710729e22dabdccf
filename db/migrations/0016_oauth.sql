CREATE TABLE "oauth_grant" (
	"workspace_id" text NOT NULL,
	"connection" text NOT NULL,
	"version" integer NOT NULL,
	"binding" text NOT NULL,
	"state" text NOT NULL,
	"error" text,
	"error_at" timestamp (3) with time zone,
	"dek_version" integer,
	"nonce" "bytea",
	"ciphertext" "bytea",
	"expires_at" timestamp (3) with time zone,
	"account" text,
	"scopes" text,
	"connected_at" timestamp (3) with time zone,
	"refreshed_at" timestamp (3) with time zone,
	"lease" text,
	"lease_until" timestamp (3) with time zone,
	CONSTRAINT "oauth_grant_workspace_id_connection_pk" PRIMARY KEY("workspace_id","connection")
);
--> statement-breakpoint
CREATE TABLE "oauth_visit" (
	"workspace_id" text NOT NULL,
	"state_hash" text NOT NULL,
	"connection" text NOT NULL,
	"binding" text NOT NULL,
	"server" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oauth_visit_workspace_id_state_hash_pk" PRIMARY KEY("workspace_id","state_hash")
);
--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "oauth_grant" ADD CONSTRAINT "oauth_grant_workspace_id_connection_connection_workspace_id_name_fk" FOREIGN KEY ("workspace_id","connection") REFERENCES "public"."connection"("workspace_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_visit" ADD CONSTRAINT "oauth_visit_workspace_id_connection_connection_workspace_id_name_fk" FOREIGN KEY ("workspace_id","connection") REFERENCES "public"."connection"("workspace_id","name") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['oauth_grant', 'oauth_visit'] LOOP
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
