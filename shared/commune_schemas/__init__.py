"""What crosses a boundary between the services: Pydantic shapes only, no SQL, HTTP or Redis."""
