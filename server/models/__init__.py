"""The model manager's side effects: install, download, start and stop workers."""
