"""What every service's process needs and no domain knows: logs, secrets, the engine, migrations, a worker's life."""
