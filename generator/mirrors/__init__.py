"""Copies of the live release elsewhere: S3-compatible object storage and rsync over SSH, as many as are configured."""
