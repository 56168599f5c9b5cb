"""What is wrong or doubtful in a Logic stage, by logic and in the tasks looked at.

Holds findings with their proof; refuses to raise for what somebody is editing.
"""
