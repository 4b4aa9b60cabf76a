// Package placement decides which task goes on which agent.
package placement
