"""Pages of statistics: the list of indicators, one indicator, its files and charts, the director's and a school's page."""
