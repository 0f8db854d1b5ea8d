/** Names as they are heard on the telephone of an English council: given names go with family names of one origin. */
interface NameStock {
  /** Out of a hundred residents, about how many. */
  readonly share: number
  readonly women: readonly string[]
  readonly men: readonly string[]
  readonly families: readonly string[]
  /** How many of a hundred prefer Welsh. */
  readonly welshSpeakers: number
}

const words = (text: string) => text.trim().split(/\s+/)

export const nameStocks: readonly NameStock[] = [
  {
    share: 58,
    women: words(`
      Alice Amelia Angela Barbara Beatrice Bethany Brenda Carol Catherine Charlotte Christine Claire Daisy Deborah
      Diane Donna Dorothy Eleanor Elizabeth Ellie Emily Emma Evelyn Fiona Florence Frances Georgia Grace Hannah Hazel
      Heather Helen Imogen Iris Isabel Ivy Jacqueline Jane Janet Jean Jennifer Jessica Joan Josephine Joyce Judith
      Julia Karen Kathleen Kerry Laura Lauren Lily Linda Lucy Margaret Marjorie Martha Maureen Megan Michelle Molly
      Nancy Naomi Natalie Nicola Olive Olivia Pamela Patricia Paula Pauline Phoebe Poppy Rachel Rebecca Rosemary Ruby
      Ruth Samantha Sandra Sarah Sheila Shirley Sophie Stella Susan Tracey Valerie Vera Victoria Wendy Winifred Zoe
    `),
    men: words(`
      Adam Adrian Alan Albert Alexander Alfie Andrew Anthony Arthur Barry Benjamin Bernard Brian Callum Charles
      Christopher Clive Colin Craig Daniel David Dennis Dominic Donald Douglas Duncan Edward Eric Ernest Francis
      Frank Frederick Gareth Gary Geoffrey George Gerald Gordon Graham Harold Harry Henry Howard Hugh Ian Jack Jacob
      James Jason Jeremy John Jonathan Joseph Joshua Keith Kenneth Kevin Lee Leonard Leslie Lewis Liam Luke Malcolm
      Mark Martin Matthew Maurice Nathan Neil Nicholas Nigel Norman Oliver Oscar Patrick Paul Peter Philip Ralph
      Raymond Richard Robert Roger Ronald Roy Ryan Samuel Sean Simon Stanley Stephen Stuart Terence Thomas Timothy
      Trevor Victor Vincent Walter William
    `),
    families: words(`
      Abbott Adams Allen Archer Armitage Ashworth Atkinson Bailey Baker Ball Barker Barnes Bates Baxter Beckett Bell
      Bennett Berry Birch Bishop Booth Bradley Brook Burgess Burton Butcher Carter Chapman Clarke Clayton Coates Cole
      Collins Cooper Cross Curtis Dalton Dawson Dean Dixon Douglas Drury Eaton Elliott Ellis Farrow Fisher Fletcher
      Foster Fowler Freeman Frost Gibbs Gilbert Goddard Goodwin Gough Greaves Greenwood Hale Hardcastle Harding
      Harper Hartley Hawkins Haynes Hewitt Hobbs Holland Holt Hopkins Horner Howarth Hudson Hunt Hurst Ingram Jarvis
      Kemp Kerr Kirby Knight Lambert Lawson Leach Lister Lockwood Longbottom Lowe Marsh Mercer Middleton Mills Moss
      Naylor Newell Nash Norton Oakley Osborne Page Parkin Pearce Pickering Plant Pollard Porter Preston Quick Radley
      Ramsden Reeves Rowe Rudd Saunders Savage Sharpe Shelton Skinner Slater Spencer Stone Sutton Swift Tanner
      Thorpe Tilley Townsend Tucker Underhill Vickers Wade Walton Warren Webster Whitaker Wilde Winter Woodhouse Yates
    `),
    welshSpeakers: 0,
  },
  {
    share: 8,
    women: words(`
      Angharad Anwen Bethan Branwen Carys Catrin Ceri Cerys Delyth Efa Eirlys Eleri Elin Eluned Ffion Gwenllian Heledd
      Lleucu Lowri Mair Mared Megan Mererid Nerys Nia Non Rhian Rhiannon Sian Sioned Siwan Tegwen
    `),
    men: words(`
      Aled Alun Arwel Berwyn Bryn Caradog Dafydd Deiniol Dewi Dylan Elfed Emlyn Emyr Gethin Gruffydd Gwilym Gwyn Huw
      Idris Ieuan Ifan Iolo Iwan Llion Meirion Meurig Osian Rhodri Rhys Sion Tomos Tudur
    `),
    families: words(`
      Bebb Bevan Bowen Cadwaladr Davies Ellis Evans Gittins Griffiths Gwynne Howells Hughes Jenkins Jones Lewis Llewellyn
      Lloyd Meredith Morgan Morris Owen Parry Powell Price Pritchard Probert Prosser Pugh Rees Roberts Thomas Vaughan
      Watkins Williams
    `),
    welshSpeakers: 45,
  },
  {
    share: 7,
    women: words(`
      Aisha Amina Anjali Asha Deepa Farah Fatima Harpreet Jasmin Kavita Khadija Lakshmi Manjit Meena Nadia Nasreen
      Neelam Parveen Pooja Priti Rubina Rukhsana Sabina Saima Samira Shabana Simran Sunita Tahira Usha Yasmin Zainab
    `),
    men: words(`
      Abdul Ajay Amir Anil Arjun Asif Bilal Deepak Faisal Gurpreet Hamza Hardeep Imran Irfan Jagdeep Kamran Kiran Manoj
      Mohan Mustafa Naveed Nikhil Omar Rajesh Rakesh Ravi Rizwan Sanjay Shahid Sunil Tariq Usman Vikram Yusuf
    `),
    families: words(`
      Ahmed Akhtar Ali Aziz Bains Banerjee Begum Bhatt Chaudhry Chowdhury Das Desai Dhillon Gill Gupta Hussain Iqbal
      Iyer Kaur Khan Kumar Mahmood Malik Mehta Mirza Mistry Nair Patel Qureshi Rahman Rao Reddy Sandhu Shah Sharma
      Siddiqui Singh Sohal Uddin Verma
    `),
    welshSpeakers: 0,
  },
  {
    share: 7,
    women: words(`
      Abena Adaeze Adwoa Akosua Ama Ayesha Bintou Chiamaka Chidinma Efua Esi Ewa Fatoumata Folake Funmilayo Grace Hodan
      Ifeoma Kemi Makena Mariama Naledi Ngozi Nia Nomsa Obioma Sade Tendai Thandiwe Titilayo Wanjiru Yetunde Zawadi
    `),
    men: words(`
      Abdi Adebayo Amadou Babatunde Chidi Chukwuma Dembe Ebenezer Emeka Farai Femi Godfrey Ibrahim Ikenna Jabari Kamau
      Kofi Kwabena Kwame Lamin Mandla Musa Nnamdi Obinna Olumide Ousmane Sekou Segun Tafari Tunde Uche Yaw Zuberi
    `),
    families: words(`
      Abara Abebe Achebe Acheampong Addo Adeyemi Afolabi Agyeman Amoah Annan Appiah Asante Balogun Banda Boateng Chanda
      Chikwanha Danso Diallo Dlamini Eze Gebre Igwe Jallow Kamara Keita Khumalo Kiptoo Mensah Moyo Mutasa Ndlovu
      Nkosi Nwosu Obi Odhiambo Ogunleye Okeke Osei Owusu Sesay Tesfaye Toure Wanjala
    `),
    welshSpeakers: 0,
  },
  {
    share: 8,
    women: words(`
      Agnieszka Alina Anca Aneta Beata Bozena Daniela Danuta Dorota Elena Ewa Gabriela Galina Halina Ilona Ioana Irena
      Iryna Jadwiga Joanna Katarzyna Kinga Lidia Magda Malgorzata Marta Mihaela Monika Natalia Oksana Olena Petra
      Rasa Renata Ruta Simona Sorina Svetlana Tatiana Vesna Violeta Zofia
    `),
    men: words(`
      Adrian Andrei Andrius Bogdan Cezary Cosmin Cristian Darius Dariusz Dmytro Dragan Florin Grzegorz Ionut Jacek
      Janis Jaroslaw Kamil Krzysztof Laszlo Lukasz Maciej Marek Mateusz Mihai Milos Mykola Nikolai Oleh Pavel Pawel
      Piotr Radu Rafal Roman Sergiu Slawomir Stefan Tomas Vasile Viktor Vlad Wojciech Zoltan
    `),
    families: words(`
      Adamczyk Albu Balan Baran Bielak Bondar Chirila Ciobanu Cieslak Dobre Dudek Dumitru Dvorak Florea Georgescu Horvat
      Jankauskas Kaminski Kazlauskas Kovac Kowalski Kravchenko Lis Lungu Lupu Marin Mazur Melnyk Moldovan Nagy Nowak
      Novotny Ozols Petrov Pietrzak Popa Radu Rusu Sadowski Shevchenko Sikora Stankus Stoica Szabo Toma Ungureanu
      Wrona Zajac Zielinski
    `),
    welshSpeakers: 0,
  },
  {
    share: 7,
    women: words(`
      Aoife Bridget Ciara Deirdre Eilidh Fionnuala Isla Kirsty Mairi Maeve Morag Niamh Oonagh Orla Roisin Sinead Una
      Catriona Elspeth Shona
    `),
    men: words(`
      Aidan Angus Brendan Cathal Ciaran Conor Cormac Declan Dermot Donal Ewan Fergus Fintan Hamish Lachlan Murdo Niall
      Ruaridh Seamus Tadhg
    `),
    families: words(`
      Boyle Brennan Buchanan Byrne Callaghan Cameron Campbell Daly Doherty Donnelly Duffy Fraser Gallagher Gillespie
      Kavanagh Keane Kelly Lennox MacDonald MacLeod Maguire McAllister McBride McCabe McGrath McIntyre Menzies Moran
      Munro Murphy Nolan O'Brien O'Connor O'Neill O'Rourke Quinn Rafferty Sinclair Sweeney Tierney
    `),
    welshSpeakers: 0,
  },
  {
    share: 5,
    women: words(`
      Ai Ana Bich Carmen Chun Eun-ji Hana Hui Ines Jing Leila Ling Maria Mei Mina Miriam Noor Pilar Rosa Shirin Sofia
      Thi Xin Yen
    `),
    men: words(`
      Ali Bo Carlos Cheng Dara Diego Emre Hao Hassan Hiro Huy Jin Joao Karim Lei Luis Mehmet Minh Omid Pedro Quang Reza
      Sami Tuan Wei Yusuf
    `),
    families: words(`
      Alves Arslan Chan Chen Cheung Costa Demir Diaz Fernandes Garcia Haddad Ho Hosseini Huang Kim Kaya Lam Leung Li Lim
      Liu Lopez Martins Mendes Nasser Ng Nguyen Park Pereira Pham Rahimi Rossi Saito Santos Silva Tan Tran Wong Yilmaz
      Zhang
    `),
    welshSpeakers: 0,
  },
]
