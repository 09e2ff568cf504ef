"""The English sentences of template tips.

Each gives the reason first and then one step with a cue. A statement has at least three of them, one without a figure.
"""

from typing import Any

ENGLISH: dict[str, Any] = {
    "statements": {
        "due": (
            "{x} is due {when}, so open it {cue} and take the first step of it.",
            "With {x} due {when}, a good first move is {minutes} minutes of it {cue}.",
            "{x} comes due {when}. Set the rest aside, and begin {cue} with the part that is clearest.",
            "The date of {x} is close: put {minutes} quiet minutes into it {cue}.",
        ),
        "past_time": (
            "{x} was due today at {hour}: decide {cue} whether it still happens today.",
            "The hour of {x} has passed, so give it {minutes} minutes {cue} or choose a new time.",
            "{x} was set for {hour} today. Take its first step {cue}, or move it to a better hour.",
        ),
        "overdue": (
            "{x} is past its date: pick a new day for it {cue}, or take a small step.",
            "The date of {x} has passed, so choose {cue} between a first step and a new date.",
            "{x} is {days} past its date. Put {minutes} minutes into it {cue} and see how far that goes.",
            "A decision about {x} would help, since its date has passed: make it {cue}.",
        ),
        "pile": (
            "By now {n} tasks are past their date, {x} among them: {cue}, keep three and move the rest.",
            "Several dates have passed by now. Choose three tasks to keep {cue}, perhaps {x}, and move the others.",
            "In all, {n} dates have passed, so decide about {x} {cue} and give all the others a new day at once.",
        ),
        "priority": (
            "{x} is {priority} priority with no date, so set {minutes} minutes aside for it {cue}.",
            "No date protects {x}, though it matters: tie its first {minutes} minutes to a moment, {cue}.",
            "{x} matters and nothing pushes it. Give it {minutes} minutes {cue}, before smaller things come up.",
        ),
        "priority_dated": (
            "{x} is {priority} priority and due {when}, so plan {minutes} minutes for it {cue}.",
            "{x} matters and its date is still ahead: begin it {cue}, while there is room.",
            "While the date of {x} is still ahead, its first {minutes} minutes are easy to place {cue}.",
        ),
        "moved": (
            "{x} has been moved {n} times: cut it to a step that fits {cue}, and do only that.",
            "{x} has been given new dates again and again, so make it half its size and begin {cue}.",
            "After several new dates, {x} may simply be too large. Name a smaller first step of it {cue}.",
        ),
        "often_late": (
            "Dated tasks here often land after their date, so begin {x} {cue} to leave a margin.",
            "Dates tend to slip a little here: give {x} its first {minutes} minutes {cue}.",
            "{x} has a date, and dated tasks here often end late. Give it an early start {cue}.",
        ),
        "on_time": (
            "Dated tasks here land on time, so trust the date of {x} and take its next step {cue}.",
            "The dates here usually hold: open {x} {cue}, as it was planned.",
            "{x} can do without an extra margin, since dated tasks here land on time. Go on with it {cue}.",
        ),
        "peak_now": (
            "Much here gets done around {hour}, and that window runs until {until}: put {x} into it.",
            "This is the usual finishing window, so open {x} now and stay with it for {minutes} minutes.",
            "Until {until} things often get done here. Begin {x} now, while the window is open.",
        ),
        "peak_later": (
            "The usual finishing window opens at {hour}, so plan {x} for that hour.",
            "From {hour} on things often get done here: keep {x} for then, and note it down.",
            "A good window is still ahead today. Lay out {x} now, and begin with it at {hour}.",
        ),
        "peak_tomorrow": (
            "The usual finishing window comes at {hour} tomorrow, so plan {x} for that hour.",
            "Things here often get done from {hour} on: write {x} down for tomorrow at {hour}.",
            "The next good window is tomorrow. Put {x} at the start of it, and note that down now.",
        ),
        "goal": (
            "Already {n} of today's {goal} are done, so a short step on {x} {cue} brings the goal closer.",
            "The goal of the day is near: take {x} {cue}, or a short part of it.",
            "Only a little is left of today's goal. A short piece of {x} {cue} may close it.",
        ),
        "fresh_start": (
            "A new {what} starts today, so take a small step on {x} {cue}.",
            "The {what} is new, and a small start is enough: open {x} {cue} and do its first part.",
            "A new {what} is a good moment to begin again. Take {x} {cue}, for {minutes} minutes only.",
        ),
        "busier": (
            "This week is busier than usual, so protect a short break {cue}, before {x} has its turn.",
            "A busier week than usual calls for a pause: take a few quiet minutes {cue}, and let {x} wait until then.",
            "The week has been a full one. Keep a few minutes free {cue}, and come back to {x} after them.",
        ),
        "lighter": (
            "This week is lighter than usual, so make {x} half its size and begin it {cue}.",
            "A lighter week leaves room for a small step: take the first part of {x} {cue}.",
            "The week has been a calm one. Choose the smallest part of {x} and do it {cue}.",
        ),
        "ahead": (
            "Already {n} are done today, ahead of the usual pace, so choose what matters next {cue}, perhaps {x}.",
            "Today runs ahead of the usual pace: pick a task that matters {cue}, such as {x}.",
            "More is done today than usual. Choosing well beats adding more, so look at {x} {cue}.",
        ),
        "review": (
            "In the last 7 days {n} tasks were done: choose three for next week {cue}, {x} first.",
            "Several tasks got done this week, so pick three for the next week {cue}, {x} among them.",
            "The week has moved things on. Name the three that would make the next week good {cue}, with {x} first.",
        ),
        "hours_over": (
            "The working hours are over, so give {x} another day and note that down {cue}.",
            "Today's hours are used up: choose a better day for {x} {cue}.",
            "The working day is done. Write down {cue} on which day {x} comes next.",
        ),
        "room": (
            "There is time left today, so give {x} a fixed half hour {cue}.",
            "The day still has some room: place {x} in it {cue}, at a fixed moment.",
            "Some of today's time is still open. Put {minutes} minutes of {x} into it {cue}.",
        ),
        "load": (
            "Much is lined up for today, so keep what matters and give {x} another day {cue}.",
            "Today is quite full: choose {cue} what stays, and whether {x} could move.",
            "A good deal is lined up for today. Decide {cue} which part of {x} is enough for now.",
        ),
        "due_today": (
            "For today {n} tasks are due: choose their order {cue}, and begin with {x}.",
            "Several tasks carry today's date, so write down their order {cue} and take {x} first.",
            "More than a task or two is due today. Choose {cue} what comes first, perhaps {x}.",
        ),
        "quick": (
            "{x} is marked {short}, so it fits right in {cue}: open it and close it.",
            "A small task fits {cue}, so take {x} and be done with it.",
            "{x} is a short one. Do it {cue}, between two larger things.",
        ),
        "waits": (
            "{x} waits for somebody else, so ask once {cue}, or set the day on which to ask.",
            "Somebody else holds {x} at the moment, so ask {cue} with one short question.",
            "{x} is in other hands. Write down {cue} when you want to ask about it.",
        ),
        "recurring": (
            "{x} was last done {days} ago, so place it {cue} and do it once more.",
            "It has been a while since {x} was done: a good moment for it is {cue}.",
            "{x} comes back again and again. Give it its turn {cue}, for {minutes} minutes.",
        ),
        "open_long": (
            "{x} has been open {days}, so choose {cue} between a first step and a date for it.",
            "After such a while {x} deserves an answer: give it {minutes} minutes {cue}, or a day of its own.",
            "{x} has been waiting for long. Name the smallest first step of it {cue}, and do only that.",
        ),
        "near_end": (
            "In the list of {x}, {n} of {goal} are done, so finish that one {cue} and bring the end closer.",
            "The list is nearly finished: take {x} {cue}, as the next of the last.",
            "Only a few tasks are left beside {x}. Close that one {cue}, and the end of the list is near.",
        ),
        "one_list": (
            "Work here tends to stay in one list, so go on with {x} {cue}.",
            "The last work was in the same list as {x}: stay there, and take that task {cue}.",
            "It is easy to go on where you are. Open {x} {cue}, while the list is fresh in mind.",
        ),
        "quiet_list": (
            "The list with {x} has been quiet lately, so take a small step on that task {cue}.",
            "In one list {n} tasks are open and none got done lately: begin with {x} {cue}.",
            "Nothing has moved in the list of {x} for a while. Give it {minutes} minutes {cue}.",
        ),
    },
    "reasons": {},
    "task": (
        "{x}: set {minutes} minutes aside {cue} and take its first small step.",
        "A small step on {x} {cue} is enough to begin, so open it and look for that step.",
        "{x} could have the next quiet moment. Open it {cue} and do the part that is clearest.",
        "A good next step is {x}: write down {cue} what its first two minutes are.",
    ),
    "dated": (
        "{x} is due {when}, so open it {cue} and take its first small step.",
        "With {x} due {when}, a good first move is {minutes} minutes of it {cue}.",
        "{x} comes due {when}. Set the rest aside, and begin {cue} with the part that is clearest.",
    ),
    "past": (
        "{x} is {when}: open it {cue} and take its first small step, or choose a new date.",
        "Since {x} is {when}, decide {cue} between a first step and a new date.",
        "{x} is {when}. Put {minutes} minutes into it {cue} and see how far that goes.",
    ),
    "short": (
        "Open {x} {cue} and do only the first two minutes of it.",
        "Begin {x} {cue}, and stop after a first small part.",
        "Take {x} {cue}, just for a first look at it.",
        "Open {x} {cue}.",
        "Begin {x} {cue}.",
        "Take a step on {x}.",
        "Give {x} {minutes} minutes.",
        "Take {x} next.",
        "Look at {x}.",
    ),
    "step": (
        "Open that task {cue} and do only the first two minutes of it.",
        "Give that task {minutes} minutes {cue}, and see how far that goes.",
        "Take a first small part of that task {cue}.",
        "Open that task {cue}.",
    ),
    "quiet_step": (
        "Leave that task for tomorrow.",
        "Let that task rest until tomorrow.",
        "Note that task for tomorrow morning.",
    ),
    "quiet": (
        "These are quiet hours, so leave {x} as it is and let it be the first thing tomorrow after breakfast.",
        "Rest comes first now: note down that {x} has its turn tomorrow after breakfast.",
        "This is a time to rest. Write {x} on tomorrow's page, and leave it there until then.",
        "Nothing presses at this hour, so choose a moment for {x} tomorrow and put it out of mind until then.",
        "It is early enough for {x} tomorrow: write that on a slip of paper.",
        "The day is done, so {x} may wait for the first coffee tomorrow.",
        "Put a word about {x} down for tomorrow, and let the day end.",
        "Let {x} be for now; a line on tomorrow's page is enough.",
    ),
    "quiet_short": (
        "Leave {x} for tomorrow.",
        "Note {x} for tomorrow morning.",
        "{x} has time until tomorrow.",
        "Let {x} rest until tomorrow.",
    ),
    "bare": (
        "Write down a thing that is on your mind {cue}, and the next small step for it.",
        "Take a sheet of paper {cue} and note what you would like to have behind you.",
        "Name a small thing that would make the day better, and give it {minutes} minutes {cue}.",
        "Clear a small corner of the desk {cue}, and write down what comes to mind meanwhile.",
        "Look {cue} at what is planned for the coming days, and write down a next small step.",
        "Ask yourself {cue} what would feel good to have done, and put its first step on paper.",
    ),
    "bare_short": ("Write down a next step.", "Note a small step for today.", "Put a thought on paper."),
    "quiet_bare": (
        "Rest comes first now: write down a thought for tomorrow, and leave the rest.",
        "These are quiet hours, so put a word for tomorrow on paper and let the rest go quiet.",
        "This is a time to rest. Note a small wish for tomorrow, and close the book.",
        "Nothing presses at this hour, so leave a line for tomorrow and be done for now.",
    ),
    "cues": (
        (5, ("tomorrow after breakfast", "tomorrow before the day gets going")),
        (9, ("after breakfast", "with the first cup of coffee")),
        (11, ("before the next break", "before the next thing begins")),
        (12, ("before lunch", "in the last minutes before lunch")),
        (13, ("right after lunch", "before the afternoon begins")),
        (16, ("before the next break", "in the next quiet moment")),
        (19, ("before dinner", "before the day winds down")),
        (22, ("before the evening ends", "in a quiet moment this evening")),
        (24, ("tomorrow after breakfast", "tomorrow before the day gets going")),
    ),
    "soon": ("in the next ten minutes", "before the next thing begins"),
    "later": ("in the next quiet moment", "before the next break"),
    "minutes": {2: "two", 5: "five", 10: "ten"},
}
