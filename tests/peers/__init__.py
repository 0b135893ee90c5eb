"""Outside systems as small real servers, each in its own process; none of them imports anything of ours."""
