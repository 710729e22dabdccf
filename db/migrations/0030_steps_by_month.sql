DROP INDEX "step_statistic_of_day";--> statement-breakpoint
ALTER TABLE "step_statistic" DROP CONSTRAINT "step_statistic_workspace_id_workflow_day_node_pk";--> statement-breakpoint
ALTER TABLE "step_statistic" ADD COLUMN "grain" text DEFAULT 'day' NOT NULL;--> statement-breakpoint
-- The months of what was counted by day, for all workspaces, also for an owner who is bound by row-level security.
ALTER TABLE "step_statistic" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO "step_statistic" ("workspace_id", "workflow", "grain", "day", "node", "type", "count", "failed", "retries", "ms", "durations")
WITH "tally" AS (
  SELECT *, date_trunc('month', "day", 'UTC') AS "month" FROM "step_statistic"
), "bin" AS (
  SELECT t."workspace_id", t."workflow", t."month", t."node", d."key", sum(d."value"::bigint) AS "count"
  FROM "tally" t, json_each_text(t."durations"::json) d GROUP BY 1, 2, 3, 4, 5
), "histogram" AS (
  SELECT "workspace_id", "workflow", "month", "node", json_object_agg("key", "count")::text AS "durations"
  FROM "bin" GROUP BY 1, 2, 3, 4
)
SELECT "workspace_id", "workflow", 'month', "month", "node", min(t."type"), sum(t."count"), sum(t."failed"), sum(t."retries"),
  sum(t."ms"), coalesce(min(h."durations"), '{}')
FROM "tally" t LEFT JOIN "histogram" h USING ("workspace_id", "workflow", "month", "node")
GROUP BY "workspace_id", "workflow", "month", "node";--> statement-breakpoint
ALTER TABLE "step_statistic" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "step_statistic" ADD CONSTRAINT "step_statistic_workspace_id_workflow_grain_day_node_pk" PRIMARY KEY("workspace_id","workflow","grain","day","node");--> statement-breakpoint
CREATE INDEX "step_statistic_of_day" ON "step_statistic" USING btree ("workspace_id","grain","day");
