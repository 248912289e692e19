"""Stage one: from a request and its resources to a typed plan."""
