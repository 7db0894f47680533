"""What runs inside the sandbox, where students' code is: this folder and check/, and nothing else of ours."""
