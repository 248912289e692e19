"""The wire: routes, schemas, server-sent events, and the one table from errors to statuses."""
