"""Show me: charts, the terminal's tables and the report, all made from a run folder."""
