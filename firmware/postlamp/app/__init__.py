"""What the gadget knows and wants to show. Never imports ui, machine or network."""
