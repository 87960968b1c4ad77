"""From the files of a repository to decision records: metadata, status, relations and sections."""
