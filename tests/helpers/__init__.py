"""What tests share: projects, keys, replies, and a stand-in for n8n's API."""
