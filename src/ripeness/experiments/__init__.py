"""What would be otherwise? Runs of one case held against each other, world by world."""
