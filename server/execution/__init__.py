"""Stage three: the plan's steps as jobs, each as soon as its inputs exist."""
