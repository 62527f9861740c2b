"""Parts of names: plain first names, and pieces that make surnames, places, shops, products and events."""

from __future__ import annotations

from llmworks.data.world.words import listed

WOMEN = listed("""
    Ada, Agnes, Alice, Amelia, Amy, Anna, Anne, Annie, Astrid, Audrey, Beatrice, Bella, Bertha, Beth,
    Betty, Bridget, Carol, Caroline, Cass, Catherine, Celia, Charlotte, Chloe, Clara, Claire, Cora, Daisy,
    Daphne, Deborah, Delia, Diana, Dora, Dorothy, Edith, Edna, Effie, Eileen, Elaine, Eleanor, Eliza,
    Ella, Ellen, Elsa, Elsie, Emily, Emma, Enid, Erica, Esther, Ethel, Eva, Evelyn, Fanny, Faith, Fern,
    Fiona, Flora, Florence, Frances, Freda, Gemma, Gertrude, Gilda, Gina, Gladys, Grace, Greta, Gwen,
    Hannah, Harriet, Hazel, Heather, Heidi, Helen, Helga, Hester, Hilda, Holly, Hope, Ida, Imogen, Ines,
    Ingrid, Irene, Iris, Isabel, Ivy, Jane, Janet, Jean, Jemima, Jenny, Jessie, Joan, Joanna, Josephine,
    Joy, Judith, Julia, June, Karen, Kate, Kathleen, Kirsten, Kitty, Laura, Leah, Lena, Lila, Lily, Linda,
    Lisa, Lois, Lotta, Louisa, Lucy, Lydia, Mabel, Maeve, Maggie, Mara, Margaret, Margot, Maria, Marian,
    Martha, Mary, Matilda, Maud, Maureen, Mavis, May, Meg, Mercy, Mildred, Millie, Mina, Minna, Miriam,
    Moira, Molly, Muriel, Myra, Nadia, Nancy, Naomi, Nell, Nessa, Nora, Norma, Olga, Olive, Olivia, Opal,
    Pamela, Patience, Paula, Pearl, Peggy, Penny, Petra, Phoebe, Polly, Priscilla, Prudence, Rachel,
    Rebecca, Rita, Rosa, Rose, Rosemary, Rosie, Rowena, Ruby, Ruth, Sally, Sandra, Sarah, Selma, Sheila,
    Sigrid, Silvia, Sonia, Sophie, Stella, Susan, Sybil, Tamsin, Tabitha, Tess, Thea, Theresa, Tilda,
    Tilly, Trudy, Una, Ursula, Vera, Verity, Victoria, Viola, Violet, Wanda, Wendy, Wilma, Winnie, Yvonne,
    Zelda, Zoe, Orla, Pim, Sanna, Elka, Merle, Tova, Lindy, Brenna, Kesta, Isolde, Fenna, Maris, Jorin,
    Tamar, Nerys, Bryony, Sorrel, Willa, Corrie, Dilys, Hedda, Liv, Ottilie, Romy, Signe
""")

MEN = listed("""
    Aaron, Abel, Abraham, Adam, Adrian, Alan, Albert, Alec, Alexander, Alfred, Allan, Ambrose, Amos,
    Andrew, Angus, Anthony, Archie, Arnold, Arthur, Barnaby, Basil, Ben, Benjamin, Bernard, Bert, Bill,
    Bob, Boris, Brian, Bruno, Carl, Caspar, Cecil, Charles, Christopher, Clarence, Claude, Clive, Colin,
    Conrad, Cyril, Daniel, David, Denis, Derek, Dominic, Donald, Douglas, Duncan, Edgar, Edmund, Edward,
    Edwin, Eli, Elliot, Emil, Eric, Ernest, Evan, Felix, Fergus, Francis, Frank, Fred, Frederick, Gabriel,
    Gareth, Geoffrey, George, Gerald, Gilbert, Giles, Gordon, Graham, Gregory, Gus, Guy, Hamish, Harold,
    Harry, Harvey, Hector, Henry, Herbert, Horace, Howard, Hubert, Hugh, Hugo, Humphrey, Ian, Isaac, Ivan,
    Ivor, Jack, Jacob, Jake, James, Jasper, Jeremy, Jim, Joe, Joel, John, Jonas, Jonathan, Joseph, Joshua,
    Julian, Karl, Keith, Kenneth, Kevin, Lambert, Lars, Laurence, Leo, Leonard, Leopold, Lester, Lewis,
    Lionel, Lloyd, Louis, Luke, Magnus, Malcolm, Marcus, Mark, Martin, Matthew, Maurice, Max, Michael,
    Miles, Morris, Moses, Nathan, Ned, Neil, Nicholas, Nigel, Noah, Noel, Norman, Oliver, Olaf, Oscar,
    Osmund, Oswald, Otto, Owen, Pascal, Patrick, Paul, Percy, Peter, Philip, Piers, Quentin, Ralph,
    Raymond, Reginald, Rex, Richard, Robert, Robin, Roger, Roland, Ronald, Rory, Roy, Rufus, Rupert,
    Russell, Sam, Samuel, Saul, Sebastian, Seth, Sidney, Silas, Simon, Stanley, Stephen, Stuart, Sven,
    Ted, Terence, Theodore, Thomas, Tim, Timothy, Toby, Tom, Tony, Tristan, Ulric, Victor, Vincent,
    Wallace, Walter, Warren, Wilfred, Will, William, Winston, Zachary, Anders, Bram, Corin, Dunstan,
    Eskil, Florian, Garrick, Henrik, Ivo, Jorrit, Kasper, Lennart, Milo, Nils, Oren, Pelle, Rolf, Soren,
    Torben, Uwin, Valentin, Wystan, Yorick, Alaric, Benno, Callum, Dorian, Ewan, Finn, Gideon, Linus,
    Mathis
""")

SURNAME_STARTS = listed("""
    Al, Am, An, Ar, Ash, At, Bal, Ban, Bar, Bas, Bel, Ben, Ber, Bir, Bles, Bol, Bon, Bor, Bram, Bran,
    Bren, Brim, Brin, Brock, Brom, Bur, Cal, Cam, Can, Car, Cas, Chal, Cham, Ches, Clar, Clem, Col, Con,
    Cor, Cot, Crad, Cran, Cren, Crom, Cul, Cur, Dal, Dan, Dar, Del, Den, Der, Din, Dol, Dor, Dra, Drum,
    Dun, Dur, El, Em, En, Es, Fal, Far, Fen, Fer, Fin, Flin, Fol, For, Fos, Fran, Fren, Gal, Gam, Gan,
    Gar, Gil, Glen, Gol, Gor, Gran, Gres, Grim, Gul, Had, Hal, Ham, Han, Har, Has, Haw, Hel, Hen, Her,
    Hol, Hor, Hum, Hun, Hur, In, Is, Jas, Jen, Jer, Jol, Kel, Ken, Ker, Kes, Kin, Kir, Lam, Lan, Lar, Las,
    Led, Len, Les, Lin, Lis, Lor, Lud, Lun, Mal, Man, Mar, Mas, Mel, Men, Mer, Mil, Min, Mor, Mos, Mul,
    Mun, Nar, Nel, Nes, Nor, Not, Nut, Ol, Or, Os, Ot, Pal, Pan, Par, Pas, Pel, Pem, Pen, Per, Pil, Pin,
    Pol, Por, Pren, Pul, Quil, Quin, Ral, Ram, Ran, Red, Ren, Ril, Rim, Ris, Rol, Ros, Row, Rud, Rus, Sal,
    San, Sar, Sel, Ser, Shel, Sher, Sil, Sim, Sol, Som, Sor, Spen, Stan, Star, Stel, Stin, Stol, Sul, Sun,
    Sut, Swin, Tal, Tam, Tar, Tas, Tel, Ten, Ter, Thor, Thur, Til, Tim, Tol, Tor, Tres, Trim, Tul, Tun,
    Tur, Ul, Um, Un, Val, Van, Var, Vel, Ver, Vin, Vol, Wal, Wan, War, Was, Wel, Wen, Wes, Whit, Wil, Win,
    Wis, Wol, Wor, Yal, Yar, Yel, Yor
""")
SURNAME_ENDS = listed("""
    bell, berry, bourne, brook, bury, by, cable, castle, combe, cott, croft, dale, dell, den, der, dine,
    ding, don, dow, drake, dridge, field, fold, folk, ford, gate, gill, good, gram, grave, greave, ham,
    hart, head, hill, holm, house, hurst, ken, ket, kin, kins, lake, land, ley, ling, lock, low, man,
    mand, mere, mond, more, nall, ner, nett, ning, port, ridge, row, sall, sbury, sett, shaw, sley, som,
    spear, stead, stock, stone, tell, ten, thorn, thorpe, tide, tin, ton, tree, trick, vell, very, vick,
    vin, wald, wall, ware, water, way, well, wick, win, wise, wood, worth, wright, yard
""")

PLACE_STARTS = listed("""
    Abber, Alder, Amble, Apple, Arrow, Ash, Badger, Barley, Barrow, Bay, Beck, Bell, Berry, Birch, Black,
    Blen, Bracken, Bram, Bran, Brier, Brim, Brook, Burn, Calder, Cat, Chal, Cherry, Clay, Clover, Cob,
    Cold, Copper, Cot, Cran, Cress, Crick, Crow, Dapple, Dew, Dock, Dove, Drift, Dun, Eel, Elder, Ember,
    Ever, Fal, Fallow, Farn, Fen, Fern, Finch, Flax, Fox, Frost, Furze, Gander, Garl, Glen, Goose, Gorse,
    Grass, Green, Grim, Hags, Haller, Hare, Hart, Haver, Hay, Hazel, Heather, Hedge, Hen, Heron, Hob,
    Hollow, Honey, Horn, Ingle, Iron, Ivy, Jay, Juniper, Kestrel, Kettle, Kid, Kings, Lamb, Lark, Laver,
    Leek, Lime, Ling, Linnet, Little, Lock, Long, Maple, Marl, Marsh, May, Meadow, Mel, Mill, Mint, Mist,
    Moss, Moth, Nettle, Night, Nut, Oak, Oat, Otter, Over, Owl, Oxen, Pear, Pebble, Pen, Pepper, Pine,
    Plover, Plum, Pop, Quail, Quill, Quin, Rag, Rain, Ram, Raven, Reed, Ridge, Robin, Rook, Rose, Rush,
    Rye, Saffer, Sage, Salter, Sand, Sedge, Shel, Shep, Silver, Skel, Slate, Sloe, Snow, Sorrel, Spar,
    Stag, Star, Stone, Straw, Swallow, Swan, Swift, Tam, Tarn, Thistle, Thorn, Thrush, Thyme, Timber,
    Trout, Turn, Under, Up, Vetch, Vine, Walder, Wand, Water, Wax, Weather, Wheat, Whin, White, Wild,
    Willow, Wind, Winter, Wither, Wood, Wren, Yarrow, Yew
""")
PLACE_ENDS = listed("""
    acre, bank, beck, borough, bourne, bridge, brook, burn, bury, by, cliff, combe, cote, croft, dale,
    dean, den, field, fold, ford, garth, gate, ham, haven, head, hill, holm, hope, hurst, ley, mere,
    minster, moor, mouth, ness, pool, port, rigg, shaw, stead, stoke, stow, thorpe, thwaite, toft, ton,
    vale, wade, wath, well, wick, wold, worth
""")
PLACE_BEFORE = listed(
    "Great, Little, Upper, Lower, Nether, Old, New, East, West, North, South, High, Long, Middle"
)
PLACE_AFTER = listed(
    "Green, Cross, Magna, St Anne, St Mary, Bridge, Heath, End, Bay, Abbas, Common, Edge, Parva, Mills"
)

LOOKS = listed("""
    Green, Red, Blue, Golden, Silver, Black, White, Copper, Yellow, Grey, Painted, Crooked, Little, Big,
    Old, Happy, Merry, Quiet, Busy, Jolly, Dancing, Singing, Sleeping, Laughing, Curious, Clever, Lucky,
    Patient, Polite, Brave, Hungry, Thirsty, Round, Tall, Short, Long, Spotted, Striped, Speckled, Rusty,
    Shiny, Dusty, Foggy, Sunny, Windy, Snowy, Frosty, Midnight, Morning, Evening, Summer, Winter, Autumn,
    Spring, Flying, Floating, Wandering, Waiting, Whistling, Humming, Hidden, Secret, Broken, Mended,
    Open, Twisted, Hollow, Wooden, Iron, Glass, Paper, Velvet, Second, Third, Last, First
""")
THINGS = listed("""
    Kettle, Lantern, Heron, Fox, Owl, Swan, Goose, Hare, Badger, Otter, Robin, Wren, Lark, Magpie, Raven,
    Crow, Pony, Goat, Ram, Lamb, Hedgehog, Mole, Mouse, Cat, Trout, Salmon, Crab, Snail, Bee, Moth,
    Cricket, Acorn, Chestnut, Walnut, Plum, Pear, Quince, Cherry, Apple, Thistle, Clover, Bramble, Fern,
    Willow, Elm, Oak, Birch, Rose, Tulip, Daisy, Poppy, Anchor, Bell, Wheel, Ladder, Bucket, Barrel,
    Basket, Button, Thimble, Needle, Ribbon, Feather, Candle, Mirror, Spoon, Teapot, Pitcher, Whistle,
    Fiddle, Drum, Trumpet, Compass, Anvil, Hammer, Plough, Scythe, Windmill, Bridge, Harbour, Lighthouse,
    Star, Moon, Comet, Cloud, Rainbow, Thunder, Snowflake, River, Island, Pebble, Key, Crown, Penny,
    Umbrella, Boot, Slipper
""")

# Two syllables that read like a word: "Marrow", "Tindle", "Bresko".
SOUND_STARTS = listed("""
    Ba, Be, Bi, Bo, Bra, Bre, Bri, Bro, Bu, Ca, Cla, Co, Cre, Cu, Da, De, Di, Do, Dra, Du, Fa, Fe, Fi,
    Fla, Flo, Fo, Fra, Fu, Ga, Gi, Gla, Go, Gra, Gri, Gu, Ha, He, Hi, Ho, Hu, Ja, Je, Jo, Ju, Ka, Ke, Ki,
    Ko, La, Le, Li, Lo, Lu, Ma, Me, Mi, Mo, Mu, Na, Ne, Ni, No, Nu, Pa, Pe, Pi, Pla, Po, Pra, Pu, Qua,
    Que, Qui, Ra, Re, Ri, Ro, Ru, Sa, Se, Si, So, Spa, Sta, Ste, Sto, Su, Ta, Te, Thi, Ti, To, Tra, Tre,
    Tro, Tu, Va, Ve, Vi, Vo, Wa, We, Wi, Wo, Ya, Yo, Za, Ze, Zi, Zo
""")
SOUND_ENDS = listed("""
    bble, bbin, ckle, cker, ddle, dger, ffin, ggle, lder, ldon, lla, llet, llick, llo, llow, lmar, lsey,
    lva, mber, mble, mmel, mmet, mpet, mpton, nder, ndle, ndo, ngle, nkle, nna, nnet, nnick, nsel, nta,
    ntle, ppet, pple, rbel, rby, rdle, rgo, rkel, rket, rlow, rmin, rna, rnel, rra, rrel, rret, rrick,
    rrin, rrow, rsley, rston, rtle, rvel, rvin, sker, sko, sley, ssel, sset, stel, ster, stle, sto, stra,
    ttel, tter, ttle, tton, vel, ven, ver, vin, wick, xel, xter, zzle
""")
EVENT_WORDS = listed("""
    Lantern, Heron, Moonlight, Candle, Clover, Thistle, Swan, Copper, Silver, Golden, Barley, Blossom,
    Bramble, Fog, Frost, Thunder, Rainbow, Willow, Anchor, Ferry, Mill, Bridge, Market, Tower, Orchard,
    Meadow, Garden, Forest, Pebble, River, Island, Badger, Otter, Owl, Robin, Fox, Hare, Goose, Raven,
    Lark, Wren, Bee, Cricket, Ribbon, Feather, Bell, Drum, Fiddle, Wheel, Barrel, Bonfire, Chimney, Comet,
    Star, Crown, Ladder, Umbrella, Mitten, Boot, Apron, Acorn, Plum, Quince, Cherry, Rose, Poppy, Fern,
    Ivy, Moss, Marble, Slate, Chalk, Salt, Pepper, Ginger, Honey, Butter
""")
EVENT_LOOKS = listed("""
    Great, Little, Grand, Old, New, Merry, Open, Long, Short, Royal, Friendly, First, Second, Third,
    Fourth, Fifth, Sixth, Seventh, Eighth, Ninth, Tenth, Famous, Happy, Brave, Patient, Curious, Sunday,
    Early, Late, Quiet, Noisy
""")
