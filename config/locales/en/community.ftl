### What members do with each other and with the operator.

## Enquiries

enquiries-title = Enquiries to the operator
enquiries-intro = Ask the operator of the portal a question here. As soon as it is answered you get a mail; the answer is with your enquiry, where you can write on.
enquiries-new = New enquiry
enquiries-own = Your enquiries
enquiries-none = You have not asked anything yet.
enquiry-body = Your question
enquiry-send = Send enquiry
enquiry-state-open = Open
enquiry-state-answered = Answered
enquiry-state-closed = Closed
enquiry-asked = Asked: { $at }
enquiry-latest = Last written: { $at }
enquiry-thread = What was written
enquiry-operator = Operator
enquiry-earlier = Show earlier texts
enquiry-newest = To the newest texts
enquiry-write = Write on
enquiry-reply = Your text
enquiry-reply-send = Send
enquiry-reopens = When you write on, the enquiry is open again.
enquiry-closing = Close the enquiry
enquiry-close-hint = If you need no answer any more, close the enquiry. You can still read it, and write on later.
enquiry-close = Close the enquiry
enquiry-back = To all enquiries
done-asked = Your enquiry has arrived.
done-enquiry-written = Your text has arrived.
done-enquiry-closed = The enquiry is closed.

## Members

members-title = Members
members-query = Who or what are you looking for?
members-query-hint = A name, an organisation or another word. The first letters are enough.
members-search = Search members
members-all = All members
members-found = Found for “{ $query }”
members-narrowed = Members found
members-clear = Remove this choice
members-none-found = Nobody was found. Try fewer words, or only the first letters. Not all members want to be found.
members-show-all = Show all members
members-none = Nobody is in the directory yet.
members-own = This is you

member-own = This is how other members see your profile as long as you are in the directory.
member-name = Name
member-nothing-more = { $name } has made nothing else visible.
member-write = Write to { $name }
block-title = Block
block-effect = What this person writes from then on is no longer shown to you, not in conversations of several people either. They are not told.
block-stands = You have blocked this person. What they write is not shown to you; what they wrote in that time stays hidden afterwards, too.
block-begin = Block this person
block-end = End the block
done-blocked = The person is blocked.
done-unblocked = The block has ended.
member-change = Change your profile
member-back = To the directory of members
member-colleagues = More members from: { $place }
member-nobody-title = Not in the directory
member-nobody = This person is not in the directory, or not any more. They may not want to be found, or they have left the portal.

## Conversations

conversations-title = Conversations
conversations-new = Begin a new conversation
conversations-none = You have no conversation yet. Look for a member and write to them.
# Nothing is counted beyond 100.
conversations-unread =
    { $count ->
        [100] 100 or more unread messages
        [one] One unread message
       *[other] { $count } unread messages
    }

conversation-former =
    { $count ->
        [one] a former member
       *[other] { $count } former members
    }
conversation-former-member = Former member
conversation-you = You
conversation-people = Taking part: you
conversation-messages = Messages
conversation-empty = There are no messages in this conversation any more.
conversation-unread = Unread from here
conversation-read = Read
conversation-read-by = Read by { $people }
conversation-earlier = Show earlier messages
conversation-newest = To the newest messages
conversation-rest =
    { $count ->
        [one] { $count } more unread message
       *[other] { $count } more unread messages
    }
conversation-rest-hint = Read on, or skip to the end, which marks everything as read. You can answer at the end.
conversation-rest-on = Read on
conversation-rest-skip = Skip to the end of the conversation
conversation-write = Reply
conversation-nobody-left = Everyone else has left this conversation or the portal. You can only read this conversation now.
conversation-to-blocks = See blocked members
conversation-unsent = Your text, which was not sent
conversation-search = Search this conversation
conversation-found = The message that was found
conversation-back = To all conversations
conversation-without-subject = Conversation without a subject
conversation-leave = Leave the conversation
conversation-leave-intro = You no longer see the conversation then and cannot come back to it.
conversation-leave-last = Nobody but you is in this conversation any more. When you leave it, it ends, and everything that was written in it disappears for everyone.
conversation-stay = Stay in the conversation
done-conversation-left = You have left the conversation.

message-body = Your message
message-rule = When you delete your account, your messages disappear for everyone, and so does a subject that you chose. What others wrote stays; you are only called “a former member” there. The conversation disappears with its last member.
message-send = Send message
message-withdraw = Delete for everyone
message-withdraw-title = Delete a message for everyone
message-withdraw-intro = This message disappears for everyone in the conversation. This cannot be undone.
message-withdraw-button = Delete the message for everyone
message-keep = Keep the message
done-message-sent = Your message has been sent.
done-message-withdrawn = The message is deleted for everyone.

message-report = Report or block

report-title = Report a message
report-intro = Report messages that are insulting or unlawful, or that break the terms of use. The administration looks into your report and decides on it.
report-shown = The administration sees this message, up to five other messages near it, your name and your reason, and nothing else of the conversation. Whoever wrote the message is not told by the administration who reported it.
report-why = What is wrong with this message?
report-why-hint = At most 1000 characters.
report-block = Block this person as well
report-send = Report the message
report-only-block = Only block, not report
report-not = Do not report
done-reported = Your report has arrived. The administration looks into it.
done-reported-and-blocked = Your report has arrived. The administration looks into it. The person is blocked.
done-reported-before = You had reported this message before; your first report stands.
done-reported-before-and-blocked = You had reported this message before; your first report stands. The person is blocked.

search-title = Search messages
search-query = What are you looking for in your messages?
search-hint = All words must occur, in whatever form: “meeting” finds “meetings”, “Müller” finds “Mueller”. Words in quotation marks must follow each other, a word with a minus sign before it must not occur, and of two words with “or” between them one is enough.
search-button = Search messages
search-found = Found for “{ $query }”
search-none = No message was found. Try fewer or other words.
search-within = Only this conversation is searched: { $title }.
search-everywhere = Search all conversations

opening-title = New conversation
opening-intro = Look for members and tick who should get your message. While you search, what you have ticked and written stays.
opening-more = Who or what else are you looking for?
opening-next = Show more of those found
opening-readers = Who gets the message
opening-readers-hint = Only those who are ticked get it.
opening-nobody = Nobody is chosen yet. Look for a member first.
opening-full = No more people fit into one conversation.
opening-subject-hint = If you already have a conversation with this person, your message is added to it, and the subject is left out.
