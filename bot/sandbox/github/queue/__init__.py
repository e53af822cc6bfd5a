"""GitHub's merge queue: entries, the commits of their groups, and what moves them on.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""
