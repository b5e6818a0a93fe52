"""Every chart, declared once for the notebook, the report and the app (Altair)."""
