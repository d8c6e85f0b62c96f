"""The nation: every indicator over the censuses of many offices, on DuckDB or on Spark. The door is ``run.count_nation``."""
