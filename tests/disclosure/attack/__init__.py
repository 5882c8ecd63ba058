"""An attacker on what is published: pilots, readings, integer programs."""
