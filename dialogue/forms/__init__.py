"""What people fill in. One module for each subject; what several share is in `fields`."""
