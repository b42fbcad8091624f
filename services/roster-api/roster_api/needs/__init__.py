"""What each commune needs in a campaign."""
