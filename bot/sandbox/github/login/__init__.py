"""How a person lets the App act for them: GitHub's web flow, its device flow and its expiring user tokens.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""
