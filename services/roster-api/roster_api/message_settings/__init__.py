"""What officers settle about messages: their words, addresses that are written to no more, programs that are told."""
