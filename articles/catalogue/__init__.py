"""The facts as files, and how they come into the database."""
