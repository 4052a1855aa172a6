"""Files in and out: CSV, XLSX, import layouts, exports."""
