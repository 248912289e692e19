"""The command line: start a server, and speak to a running one over its HTTP API."""
