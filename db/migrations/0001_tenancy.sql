-- The role every tenant query runs as (db/tenancy.ts). Roles belong to the cluster, not to this database: another
-- database, or a process beside this one, may have made it already. A user who may not create roles gets none:
-- then FORCE below isolates the tables' owner itself (db/migrate/migrate.ts refuses users whom that does not bind).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    CREATE ROLE blok_app NOLOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'blok: this user may not create the role blok_app; row-level security binds the user itself instead';
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app')
    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT blok_app TO %I', current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'blok: this user is no member of the role blok_app; ask an administrator for: GRANT blok_app TO %', current_user;
END $$;
--> statement-breakpoint
-- Every table with workspace_id: rows of the current workspace only, for the owner too.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attname = 'workspace_id' AND NOT a.attisdropped
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    -- After a transaction the setting is '' rather than null: nullif makes both match no row.
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (workspace_id = nullif(current_setting(''app.workspace'', true), '''')) '
      'WITH CHECK (workspace_id = nullif(current_setting(''app.workspace'', true), ''''))', name);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO blok_app', name);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'blok_app') THEN
    GRANT USAGE ON SCHEMA public TO blok_app;
  END IF;
END $$;
--> statement-breakpoint
-- Blobs are read whole and often compressed already: no second compression.
ALTER TABLE "blob" ALTER COLUMN "data" SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE FUNCTION blok_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published version of a workflow never changes' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER immutable BEFORE UPDATE ON "workflow_version" FOR EACH ROW EXECUTE FUNCTION blok_refuse_change();
