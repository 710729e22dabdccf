#!/bin/sh
# Makes or updates Temporal's two databases with the tool of its admin-tools image. Runs to its end at every start.
# SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD are the tool's own settings.
set -eu
prepare() {
  SQL_DATABASE=$1
  export SQL_DATABASE
  temporal-sql-tool create-database
  # A database that has tables already needs only the update.
  if ! temporal-sql-tool update-schema --schema-name "$2"; then
    temporal-sql-tool setup-schema --version 0.0
    temporal-sql-tool update-schema --schema-name "$2"
  fi
}
prepare temporal postgresql/v12/temporal
prepare temporal_visibility postgresql/v12/visibility
