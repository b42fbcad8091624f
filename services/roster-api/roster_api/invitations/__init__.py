"""Invitations: whom the school's list says too little of is asked to say the rest, on a page behind a personal link."""
