"""REST for programs and for the page: thin views over the operations. PROTOCOL.md, "HTTP", is the contract."""
