"""What workflows need of a credential. Pure: workflows and credentials in, needs out."""
