"""Who has approved of a change: records and what forges tell, read and weighed."""
