"""The words every layer shares: plain frozen data, no I/O, no clocks, no threads."""
