"""The few documents of GitHub's GraphQL API that have no twin in REST (https://docs.github.com/graphql)."""
